/**
 * A link to another view. Unlike wouter's it does not follow the address: what is drawn again at each move with the
 * same children keeps the pages alive in which those children were drawn before.
 */
import type { AnchorHTMLAttributes } from "preact";
import { navigate } from "wouter-preact/use-browser-location";

type Props = { href: string } & Omit<
  AnchorHTMLAttributes<HTMLAnchorElement>,
  "href" | "onClick" | "role"
>;

const isForBrowser = ({ ctrlKey, metaKey, altKey, shiftKey, button }: MouseEvent) =>
  ctrlKey || metaKey || altKey || shiftKey || button !== 0;

export const Link = ({ href, ...link }: Props) => (
  <a
    {...link}
    href={href}
    onClick={(event) => {
      if (isForBrowser(event)) return;
      event.preventDefault();
      navigate(href);
    }}
  />
);
