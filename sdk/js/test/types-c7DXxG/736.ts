// jwtverifyrsa/success-ps384-jwk
import type { Entrypoints } from "./736.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
