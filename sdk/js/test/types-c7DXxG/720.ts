// jwtverifyrsa/success-es256-cert
import type { Entrypoints } from "./720.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
