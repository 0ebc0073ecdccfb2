// providers-aws-sign_req/success-simple-body
import type { Entrypoints } from "./1133.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
