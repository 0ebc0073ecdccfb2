// jwtverifyrsa/success-es384-cert
import type { Entrypoints } from "./741.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
