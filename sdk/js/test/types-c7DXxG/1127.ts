// providers-aws-sign_req/failure-simple-invalid type aws keys
import type { Entrypoints } from "./1127.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
