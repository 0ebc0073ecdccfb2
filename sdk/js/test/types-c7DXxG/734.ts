// jwtverifyrsa/success-ps384-cert
import type { Entrypoints } from "./734.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
