// providers-aws-sign_req/success-simple-with-existing-sha-header-with-body-no-payload-signing
import type { Entrypoints } from "./1141.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
