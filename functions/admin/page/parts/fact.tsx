import type { ComponentChildren } from 'preact';

interface FactProps {
  readonly name: string;
  readonly children: ComponentChildren;
  readonly width?: 'short' | 'long' | 'full';
}

/** One entry of a `<dl class="facts">`. */
export function Fact({ name, children, width = 'short' }: FactProps) {
  return (
    <div class={width}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
