// cryptohmacsha512/crypto.hmac.sha512_unicode
import type { Entrypoints } from "./227.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["192f5afded233d6e21427aa26ed267ac118cfa2971013d91cbed530c0b208d78138b83dfe1d6cc3553d7bd518f22a481402c723028e1279d1ffbe8f11ea6b125"];
const given = {"key":"秘密の","message":"åäöçß🥲♙Ω"};
const input: Entrypoints["test/p"]["input"] = given;
export {};
