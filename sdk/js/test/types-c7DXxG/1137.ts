// providers-aws-sign_req/success-simple-with-headers-no-body-no-payload-signing
import type { Entrypoints } from "./1137.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
