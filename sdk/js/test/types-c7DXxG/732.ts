// jwtverifyrsa/success-jwk
import type { Entrypoints } from "./732.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
