// providers-aws-sign_req/success-simple-body-and-raw_body
import type { Entrypoints } from "./1135.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
