/** What the bundles contain instead of parts of the SDK that a function in Lambda does not use. */

/** Lambda sets the credentials of the function's role in the environment. The providers for other environments are large. */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';

// No function makes a call with an event stream, such as SelectObjectContent.
export const eventStreamSerdeProvider = undefined;
export const EventStreamSerde = undefined;
export const resolveEventStreamSerdeConfig = <Config>(config: Config): Config => config;
