// providers-aws-sign_req/success-simple-with headers no body
import type { Entrypoints } from "./1131.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
