// cryptox509parseandverifycertificates/base_case
import type { Entrypoints } from "./234.policy.js";
const answer: Entrypoints["test/result"]["result"] = {"certs":[{"CN":"notarealsite.opa.localhost","DNS":["notarealsite.opa.localhost"],"URI":null},{"CN":"OPA Test Intermediate CA","DNS":null,"URI":null},{"CN":"OPA Test Root CA","DNS":null,"URI":null}],"valid":true};
export {};
