/** A part of a text in which a search has marked what it found, between U+0002 and U+0003. */
const MARKED = /\u0002([^\u0003]*)\u0003/;

export const Snippet = ({ text }: { text: string }) => (
  <>{text.split(MARKED).map((part, index) => (index % 2 ? <mark>{part}</mark> : part))}</>
);
