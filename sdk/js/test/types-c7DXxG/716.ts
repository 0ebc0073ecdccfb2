// jwtverifyrsa/success-cert
import type { Entrypoints } from "./716.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
