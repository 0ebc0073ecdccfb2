// jwtdecodeverify/rs256-nbf-ok
import type { Entrypoints } from "./663.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true,{"alg":"RS256","typ":"JWT"},{"iss":"xxx","nbf":1000}];
export {};
