// providers-aws-sign_req/success-simple-with-headers-no-body-with-payload-signing
import type { Entrypoints } from "./1136.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
