// providers-aws-sign_req/failure-simple-bad timestamp
import type { Entrypoints } from "./1128.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
