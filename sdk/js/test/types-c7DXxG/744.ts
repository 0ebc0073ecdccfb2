// jwtverifyrsa/success-es512-key
import type { Entrypoints } from "./744.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
