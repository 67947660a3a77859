declare module 'asl-validator' {
  namespace validate {
    interface Finding {
      /** From the JSON Schema. */
      instancePath?: string;
      message?: string;
      /** From the checks beyond it. */
      'Error code'?: string;
      Message?: string;
    }
  }

  /** Adds QueryLanguage to every state of the definition that it is given. */
  function validate(definition: object): { isValid: boolean; errors: validate.Finding[] };

  export = validate;
}
