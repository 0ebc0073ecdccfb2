// providers-aws-sign_req/success-simple-no body-with session token
import type { Entrypoints } from "./1132.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
