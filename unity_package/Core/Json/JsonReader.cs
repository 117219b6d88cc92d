// JsonReader: strict JSON (RFC 8259) into values.
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Skyloom.Json
{
    internal sealed class JsonReader
    {
        private const int MaxDepth = 64;
        private const int MaxNumberLength = 400;

        private readonly string _text;
        private int _at;
        private int _depth;

        public JsonReader(string text)
        {
            _text = text ?? throw new JsonException("no text");
        }

        public JsonValue ReadAll()
        {
            // A byte order mark is what Windows editors leave behind.
            _at = _text.Length > 0 && _text[0] == '\ufeff' ? 1 : 0;
            var value = ReadValue();
            SkipSpace();
            return _at == _text.Length ? value : throw Wrong("the end");
        }

        private JsonValue ReadValue()
        {
            SkipSpace();
            switch (Peek())
            {
                case '{':
                    return ReadObject();
                case '[':
                    return ReadList();
                case '"':
                    return JsonValue.Of(ReadText());
                case 't':
                    return ReadWord("true", JsonValue.Of(true));
                case 'f':
                    return ReadWord("false", JsonValue.Of(false));
                case 'n':
                    return ReadWord("null", JsonValue.Null);
                default:
                    return ReadNumber();
            }
        }

        private JsonValue ReadObject()
        {
            var members = new Dictionary<string, JsonValue>(System.StringComparer.Ordinal);
            Enter();
            SkipSpace();
            if (Peek() != '}')
            {
                do
                {
                    SkipSpace();
                    if (Peek() != '"')
                    {
                        throw Wrong("a name in quotes");
                    }
                    string name = ReadText();
                    if (members.ContainsKey(name))
                    {
                        throw Wrong($"each name once; \"{name}\" stands there twice");
                    }
                    SkipSpace();
                    Expect(':');
                    members.Add(name, ReadValue());
                    SkipSpace();
                }
                while (Accept(','));
            }
            Expect('}');
            _depth--;
            return JsonValue.Of(members);
        }

        private JsonValue ReadList()
        {
            var items = new List<JsonValue>();
            Enter();
            SkipSpace();
            if (Peek() != ']')
            {
                do
                {
                    items.Add(ReadValue());
                    SkipSpace();
                }
                while (Accept(','));
            }
            Expect(']');
            _depth--;
            return JsonValue.Of(items);
        }

        private string ReadText()
        {
            Expect('"');
            var result = new StringBuilder();
            while (Peek() != '"')
            {
                // The end of the text reads as a control character.
                char next = Peek();
                if (next < ' ')
                {
                    throw Wrong("the closing quote; control characters are escaped");
                }
                _at++;
                result.Append(next == '\\' ? ReadEscape() : next);
            }
            _at++;
            return result.ToString();
        }

        private char ReadEscape()
        {
            const string letters = "\"\\/bfnrt";
            const string meanings = "\"\\/\b\f\n\r\t";
            char letter = Peek();
            int known = letters.IndexOf(letter);
            if (known >= 0 && letter != '\0')
            {
                _at++;
                return meanings[known];
            }
            if (letter == 'u' && _at + 5 <= _text.Length
                && ushort.TryParse(_text.Substring(_at + 1, 4), NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture, out ushort code))
            {
                _at += 5;
                return (char)code;
            }
            throw Wrong("an escape");
        }

        private JsonValue ReadNumber()
        {
            int start = _at;
            bool negative = Accept('-');
            string digits = Accept('0') ? "0" : Digits();
            int point = 0;
            bool whole = true;
            if (Accept('.'))
            {
                whole = false;
                string fraction = Digits();
                point = fraction.Length;
                digits += fraction;
            }
            long exponent = 0;
            if (Peek() == 'e' || Peek() == 'E')
            {
                whole = false;
                _at++;
                bool down = !Accept('+') && Accept('-');
                // Beyond any double, and short enough to be added to.
                string size = Digits().TrimStart('0');
                exponent = size.Length > 6 ? 999999 : long.Parse("0" + size, CultureInfo.InvariantCulture);
                exponent = down ? -exponent : exponent;
            }
            if (_at - start > MaxNumberLength)
            {
                throw Wrong($"a number of at most {MaxNumberLength} characters");
            }
            if (whole && long.TryParse(_text.Substring(start, _at - start), NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture, out long exact) && !(negative && exact == 0))
            {
                return JsonValue.Of(exact);
            }
            double real = ExactDouble.Nearest(digits, exponent - point);
            if (double.IsInfinity(real))
            {
                throw Wrong("a number that a double can hold");
            }
            return JsonValue.Of(negative ? -real : real);
        }

        private string Digits()
        {
            int start = _at;
            while (Peek() >= '0' && Peek() <= '9')
            {
                _at++;
            }
            return _at > start ? _text.Substring(start, _at - start) : throw Wrong("a value");
        }

        private JsonValue ReadWord(string word, JsonValue value)
        {
            if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0)
            {
                throw Wrong("a value");
            }
            _at += word.Length;
            return value;
        }

        private void Enter()
        {
            _at++;
            if (++_depth > MaxDepth)
            {
                throw Wrong($"at most {MaxDepth} levels");
            }
        }

        // The end of the text reads as NUL, which is no part of any value.
        private char Peek() => _at < _text.Length ? _text[_at] : '\0';

        private bool Accept(char wanted)
        {
            if (_at >= _text.Length || _text[_at] != wanted)
            {
                return false;
            }
            _at++;
            return true;
        }

        private void Expect(char wanted)
        {
            if (!Accept(wanted))
            {
                throw Wrong($"'{wanted}'");
            }
        }

        private void SkipSpace()
        {
            while (_at < _text.Length && " \t\r\n".IndexOf(_text[_at]) >= 0)
            {
                _at++;
            }
        }

        private JsonException Wrong(string expected)
        {
            int line = 1;
            int column = 1;
            for (int i = 0; i < _at && i < _text.Length; i++)
            {
                column = _text[i] == '\n' ? 1 : column + 1;
                line += _text[i] == '\n' ? 1 : 0;
            }
            return new JsonException($"line {line}, column {column}: expected {expected}");
        }
    }
}
