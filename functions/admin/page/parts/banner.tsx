import type { ComponentChildren, FunctionComponent } from 'preact';

interface BannerProps {
  readonly look: 'ok' | 'late' | 'failing' | 'late damaged';
  readonly icon: FunctionComponent;
  readonly children: ComponentChildren;
  /** What stands at its end, such as a button. */
  readonly beside?: ComponentChildren;
}

/** A message with its sign, across the page or dialog. */
export function Banner({ look, icon: Sign, children, beside }: BannerProps) {
  return (
    <div class={`banner ${look}`}>
      <Sign />
      <div class="banner-text">{children}</div>
      {beside}
    </div>
  );
}
