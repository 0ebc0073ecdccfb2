// jwtverifyrsa/success-ps384-key
import type { Entrypoints } from "./735.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
