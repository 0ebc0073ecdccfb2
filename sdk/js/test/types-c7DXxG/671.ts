// jwtdecodeverify/rs256-aud
import type { Entrypoints } from "./671.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true,{"alg":"RS256","typ":"JWT"},{"aud":"fred","iss":"xxx"}];
export {};
