/** Whether an Accept header names CSV first. */
export const prefersCsv = (accept = ''): boolean =>
  /text\/csv|application\/json/i.exec(accept)?.[0].toLowerCase() === 'text/csv';
