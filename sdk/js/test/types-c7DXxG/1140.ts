// providers-aws-sign_req/success-simple-with-existing-sha-header-with-body-with-payload-signing
import type { Entrypoints } from "./1140.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
