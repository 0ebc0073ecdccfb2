// jwtverifyrsa/success-ps512-key
import type { Entrypoints } from "./738.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
