// providers-aws-sign_req/failure-simple-missing aws keys
import type { Entrypoints } from "./1126.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
