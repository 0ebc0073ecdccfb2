// providers-aws-sign_req/failure-simple-invalid type http request keys
import type { Entrypoints } from "./1125.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
