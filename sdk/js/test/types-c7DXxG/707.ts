// jwtverifyeddsa/success-cert
import type { Entrypoints } from "./707.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
