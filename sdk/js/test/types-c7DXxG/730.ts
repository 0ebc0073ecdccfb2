// jwtverifyrsa/success-cert
import type { Entrypoints } from "./730.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
