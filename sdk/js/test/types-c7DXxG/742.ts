// jwtverifyrsa/success-es384-jwk
import type { Entrypoints } from "./742.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
