import type { ComponentChildren } from 'preact';

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick?: () => unknown;
  readonly look?: 'primary' | 'danger' | 'plain' | 'quiet' | 'quiet-danger';
  readonly type?: 'button' | 'submit';
  /** Under way: ignores clicks, yet keeps the focus, which `disabled` would lose. */
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly describedBy?: string;
}

export function Button({ children, onClick, look = 'plain', type = 'button', ...state }: ButtonProps) {
  const { busy = false, disabled = false, describedBy } = state;
  return (
    <button
      class={`button ${look}`}
      type={type}
      disabled={disabled}
      aria-disabled={busy}
      onClick={busy ? preventDefault : () => onClick?.()}
      {...(describedBy && { 'aria-describedby': describedBy })}
    >
      {children}
    </button>
  );
}

/** A submit button would send its form all the same. */
function preventDefault(event: Event): void {
  event.preventDefault();
}
