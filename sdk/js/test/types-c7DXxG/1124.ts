// providers-aws-sign_req/failure-simple-missing http request keys
import type { Entrypoints } from "./1124.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
