// providers-aws-sign_req/failure-simple-bad-type-payload-signing-config
import type { Entrypoints } from "./1129.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
