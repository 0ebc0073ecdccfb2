// providers-aws-sign_req/success-simple-with-headers-with-body-no-payload-signing
import type { Entrypoints } from "./1139.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
