// providers-aws-sign_req/success-simple-with-headers-with-body-with-payload-signing
import type { Entrypoints } from "./1138.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
