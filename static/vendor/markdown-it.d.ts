/** The part of markdown-it 15 that Thorpe uses: its parser, never its renderer. */

export interface Token {
  type: string;
  tag: string;
  content: string;
  info: string;
  hidden: boolean;
  attrs: [string, string][] | null;
  children: Token[] | null;
}

export default class MarkdownIt {
  constructor(options: { html: boolean; linkify: boolean; typographer: boolean });
  parse(text: string, environment: object): Token[];
}
