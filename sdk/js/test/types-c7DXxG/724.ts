// jwtverifyrsa/failure-invalid token
import type { Entrypoints } from "./724.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
