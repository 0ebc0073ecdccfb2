// jwtverifyrsa/success-ps256-cert
import type { Entrypoints } from "./719.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
