// jwtverifyrsa/success-cert
import type { Entrypoints } from "./717.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
