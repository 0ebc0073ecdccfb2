// jwtdecodeverify/rs256-exp-ok
import type { Entrypoints } from "./659.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true,{"alg":"RS256","typ":"JWT"},{"exp":3000,"iss":"xxx"}];
export {};
