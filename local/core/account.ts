/** The one account of the local stack (the SNS stand-in knows no other). */
export const ACCOUNT_ID = '000000000000';
export const REGION = 'us-east-1';
