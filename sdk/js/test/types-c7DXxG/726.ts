// jwtverifyrsa/failure-bad jwk key
import type { Entrypoints } from "./726.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
