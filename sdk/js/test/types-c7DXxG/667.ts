// jwtdecodeverify/rsa256-nested2
import type { Entrypoints } from "./667.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true,{"alg":"RS256","typ":"JWT"},{"iss":"xxx"}];
export {};
