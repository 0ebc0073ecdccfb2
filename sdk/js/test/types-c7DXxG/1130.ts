// providers-aws-sign_req/success-simple-no body
import type { Entrypoints } from "./1130.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
