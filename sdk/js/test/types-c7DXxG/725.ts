// jwtverifyrsa/failure-bad pem certificate
import type { Entrypoints } from "./725.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
