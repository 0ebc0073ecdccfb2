// providers-aws-sign_req/success-simple-raw_body
import type { Entrypoints } from "./1134.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
