// jwtverifyrsa/success-es512-jwk
import type { Entrypoints } from "./745.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
