// cryptox509parseandverifycertificates/uri_strings
import type { Entrypoints } from "./235.policy.js";
const answer: Entrypoints["test/result"]["result"] = {"certs":[{"CN":"","DNS":null,"URI":["spiffe://example.com/opa"]},{"CN":"","DNS":null,"URI":["spiffe://example.com"]}],"valid":true};
export {};
